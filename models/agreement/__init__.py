from . import agreement, dispute, stage
