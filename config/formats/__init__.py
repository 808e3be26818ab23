"""How days and moments are written in each language, where Django's own form isn't ours."""
