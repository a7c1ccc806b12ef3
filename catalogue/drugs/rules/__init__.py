"""Pure rules of drugs: dosage forms, strengths and their ratios, specification texts, codes."""
