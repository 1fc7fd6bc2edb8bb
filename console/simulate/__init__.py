"""The whole system on a virtual clock: shops, carriers, mail servers and people, drawn from a seed, and the laws that must hold."""
