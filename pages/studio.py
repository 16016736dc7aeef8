"""Front page: K, space and the rest; original beside result; figures; download."""


from pages import ensure_frame

ensure_frame()
