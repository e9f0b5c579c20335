//! santun-whatsapp
