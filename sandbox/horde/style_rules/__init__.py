"""What a style of the newer server declares, and how it fills a prompt."""
