"""archiver: a newsroom's memory of the social-media posts that its articles embed."""

__version__ = "0.1.0"
