"""Support offered, agreed and delivered."""
