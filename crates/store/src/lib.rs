//! The memory of a network.
