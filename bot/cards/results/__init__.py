"""Parts of a card for each kind of result: images, texts, alchemy."""
