"""Text → Classification, with its evidence. Pure: no database, no clock, no network; never runs a text."""

from router.classify.classifier import Classifier
from router.classify.products import ProductIndex, ProductMention, find_product, find_products

__all__ = ["Classifier", "ProductIndex", "ProductMention", "find_product", "find_products"]
