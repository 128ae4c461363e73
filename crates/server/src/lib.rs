//! Operations and faces.
