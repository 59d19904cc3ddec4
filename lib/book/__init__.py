"""The book: what is measured for the claims, how it is judged, drawn and written. Imports all rooms."""
