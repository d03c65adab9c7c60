from . import dashboard
from . import dashboard_line
from . import dashboard_content
