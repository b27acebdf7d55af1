"""What each kind of result adds to a card: images, texts, alchemy."""
