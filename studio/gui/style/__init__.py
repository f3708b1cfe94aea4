"""How the studio looks: the table of colours, the sizes, and what Qt is told of them."""
