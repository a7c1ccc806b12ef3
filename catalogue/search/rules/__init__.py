"""How records are asked for: pinyin, lines, tokens, words, places."""
