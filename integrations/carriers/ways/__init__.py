"""How each that can be asked is asked, where more than an address and a header is needed."""
