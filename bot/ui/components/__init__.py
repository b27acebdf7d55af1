"""Parts that all views, buttons and modals share."""
