"""Finding things by name, pinyin, code and maker."""
