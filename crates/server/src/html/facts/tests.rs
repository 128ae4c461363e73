//! Every template of the facts with sample data.
