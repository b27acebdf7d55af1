"""Tables of transfers of kudos: gifts, and parties with their rewards."""
