"""Photos as phones send them: read without being decoded, and kept as files by their hash."""

from hub.base.photos.files import FOLDER, PhotoFiles
from hub.base.photos.reading import MOST_BYTES, Photo, PhotoError, read_photo

__all__ = ["FOLDER", "MOST_BYTES", "Photo", "PhotoError", "PhotoFiles", "read_photo"]
