"""A file of each kind to begin with: every field once, by the header that an import knows best."""

from transfers.models import Kind

PLACE = ["Mia Berg", "Torstraße 12", "Berlin", "10119", "DE"]
ORDER = ["#1001", "2026-03-02 09:30", "EUR", "61.80", "4.90", "mia.berg@example.com", "Mia", "Berg", "+49 30 1234567", *PLACE, "paid"]
ROWS: dict[str, list[list[str]]] = {
    Kind.ORDERS: [
        ["Order number", "Placed at", "Currency", "Total", "Shipping cost", "Email", "First name", "Last name", "Phone", "Shipping name",
         "Shipping address 1", "Shipping city", "Shipping zip", "Shipping country", "Payment status", "Item", "SKU", "Quantity",
         "Unit price"],
        [*ORDER, "Linen shirt", "SHIRT-WH-M", "1", "49.00"],
        [*ORDER, "Wool socks", "SOCKS", "1", "7.90"],
        ["#1002", "2026-03-02 11:05", "EUR", "25.80", "0.00", "jon.doe@example.com", "Jon", "Doe", "", "Jon Doe", "Rue de Rivoli 4",
         "Paris", "75004", "FR", "paid", "Wool socks", "SOCKS", "2", "12.90"],
    ],
    Kind.CUSTOMERS: [
        ["Email", "First name", "Last name", "Phone", "Language", "Customer ID"],
        ["mia.berg@example.com", "Mia", "Berg", "+49 30 1234567", "de", "4711"],
        ["jon.doe@example.com", "Jon", "Doe", "", "fr", "4712"],
    ],
    Kind.SHIPMENTS: [
        ["Order number", "Tracking number", "Carrier", "Shipped at", "Delivered at", "Service"],
        ["#1001", "00340434161094042557", "DHL", "2026-03-03 16:20", "2026-03-05 11:02", "Parcel"],
        ["#1002", "1Z12345E0205271688", "UPS", "2026-03-03 16:20", "", "Standard"],
    ],
}  # fmt: skip
