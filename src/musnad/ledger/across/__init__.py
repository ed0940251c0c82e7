"""What no single article shows: stories, utterances, happenings, and what follows from them."""
