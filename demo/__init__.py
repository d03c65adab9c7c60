from . import demo_loader, inquiries
