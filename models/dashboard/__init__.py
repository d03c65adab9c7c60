from . import dashboard, dashboard_content, dashboard_line
