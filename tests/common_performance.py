from lxml import etree


class PerformanceCommon:
    """Counts statements and asks for views as the web client does (performance.md)."""

    def _statements(self, action):
        """Return how many statements an action takes, warm cache, flushed."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - start

    def _view_spec(self, records, kind):
        """Return the fields of a view of records as the web client asks for them."""
        view = records.get_views([(False, kind)])
        names = view["models"][records._name]["fields"]
        nodes = etree.fromstring(view["views"][kind]["arch"]).xpath(
            "//field[not(ancestor::field)]"
        )
        return {
            node.get("name"): self._field_spec(names[node.get("name")], node)
            for node in nodes
            if node.get("name") in names
        }

    def _field_spec(self, field, node):
        if field["type"] not in ("many2one", "one2many", "many2many"):
            return {}
        if {"True", "1"} & {node.get("invisible"), node.get("column_invisible")}:
            return {"fields": {}}
        if field["type"] == "many2one":
            return {"fields": {"display_name": {}}}
        nested = node.find("list")
        names = () if nested is None else (f.get("name") for f in nested.iter("field"))
        return {"fields": {name: {} for name in names}}
