"""What a person sees: windows, panels, canvas and everything drawn on them."""
