from . import compensation, stage
