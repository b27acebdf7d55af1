"""Cards and modals of /account, /kudos, /estimate and /preset."""
