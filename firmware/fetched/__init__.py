"""What is fetched over HTTP, proved and put in its place: catalogue, prices, updates."""
