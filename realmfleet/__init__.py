"""The library that thinks: fleet model, budget, secrets, renderer, operations, rehearsal, verbs."""
