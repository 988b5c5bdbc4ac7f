"""The page with the phones, served as it stands; a package so that it is installed."""
