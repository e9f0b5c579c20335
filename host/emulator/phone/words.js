// The page's words in Indonesian and English.

const WORDS = {
  id: {
    people: "Pelanggan", phoneOf: "Ponsel milik", newCustomer: "Pelanggan baru", search: "Nomor bisnis",
    none: "Belum ada pelanggan. Buat satu, lalu mulai mengobrol dengan bot.",
    pick: "Pilih pelanggan", pickHint: "Anda menjadi pelanggan itu, dan mengobrol dengan bisnis dari ponselnya.",
    name: "Nama", phone: "Nomor telepon", reach: "Dikenal lewat", reachPhone: "Nomor telepon",
    reachId: "ID pengguna saja (nomor disembunyikan)", reachBoth: "Keduanya", username: "Nama pengguna (opsional)",
    create: "Buat", cancel: "Batal", close: "Tutup", back: "Kembali", write: "Ketik pesan", send: "Kirim",
    attach: "Lampirkan", more: "Lainnya", typing: "sedang mengetik…", online: "akun bisnis",
    image: "Foto", voice: "Pesan suara", document: "Dokumen", location: "Lokasi", contacts: "Kartu kontak",
    order: "Pesanan", sticker: "Stiker", video: "Video", unsupported: "Pesan yang tidak didukung",
    sampleImage: "Contoh foto", chooseFile: "Pilih berkas…", template: "Templat",
    reply: "Balas", react: "Beri reaksi", reaction: "Reaksi", you: "Anda", edited: "diedit", revoked: "Pesan ini dihapus",
    revoke: "Hapus untuk semua", forwarded: "Diteruskan", businessPhone: "dari ponsel bisnis",
    sent: "terkirim", delivered: "tersampaikan", read: "dibaca", failed: "gagal", accepted: "diterima",
    windowOpen: "Jendela 24 jam tertutup dalam", windowClosed: "Jendela 24 jam tertutup: bisnis hanya dapat mengirim templat",
    advance: "Majukan jam 24 jam", changeNumber: "Ganti nomor telepon", newNumber: "Nomor baru",
    stopMarketing: "Hentikan pesan pemasaran", resumeMarketing: "Terima lagi pesan pemasaran",
    answerFromPhone: "Balas sebagai bisnis dari ponsel", businessSays: "Bisnis menulis", removeCustomer: "Hapus pelanggan",
    subscribed: "Host terhubung", unsubscribed: "Menunggu host menjawab jabat tangan webhook", noWebhook: "Tanpa webhook",
    form: "Isi formulir", formAnswer: "Jawaban (JSON)", chosen: "Dipilih", today: "Hari ini", sayHello: "Belum ada pesan. Sapa dulu!",
    theme: "Ganti tema", language: "English", lost: "Sambungan terputus; mencoba lagi…", hidden: "nomor disembunyikan",
    removeReaction: "Cabut reaksi", hours: "j", minutes: "m", offered: "Pilihan", copied: "Tersalin", messages: "Pesan",
  },
  en: {
    people: "Customers", phoneOf: "Phone of", newCustomer: "New customer", search: "Business number",
    none: "No customers yet. Make one, then chat with the bot.",
    pick: "Pick a customer", pickHint: "You become that customer and chat with the business from their phone.",
    name: "Name", phone: "Phone number", reach: "Known by", reachPhone: "Phone number",
    reachId: "User id only (number hidden)", reachBoth: "Both", username: "Username (optional)",
    create: "Create", cancel: "Cancel", close: "Close", back: "Back", write: "Type a message", send: "Send",
    attach: "Attach", more: "More", typing: "typing…", online: "business account",
    image: "Photo", voice: "Voice note", document: "Document", location: "Location", contacts: "Contact card",
    order: "Order", sticker: "Sticker", video: "Video", unsupported: "Unsupported message",
    sampleImage: "Sample photo", chooseFile: "Choose a file…", template: "Template",
    reply: "Reply", react: "React", reaction: "Reaction", you: "You", edited: "edited", revoked: "This message was deleted",
    revoke: "Delete for everyone", forwarded: "Forwarded", businessPhone: "from the business's phone",
    sent: "sent", delivered: "delivered", read: "read", failed: "failed", accepted: "accepted",
    windowOpen: "24-hour window closes in", windowClosed: "24-hour window closed: the business can only send templates",
    advance: "Put the clock 24 hours forward", changeNumber: "Change phone number", newNumber: "New number",
    stopMarketing: "Stop marketing messages", resumeMarketing: "Resume marketing messages",
    answerFromPhone: "Answer as the business, from a phone", businessSays: "The business writes", removeCustomer: "Remove customer",
    subscribed: "Host connected", unsubscribed: "Waiting for the host to answer the webhook handshake", noWebhook: "No webhook",
    form: "Fill in the form", formAnswer: "Answer (JSON)", chosen: "Chosen", today: "Today", sayHello: "No messages yet. Say hello!",
    theme: "Change theme", language: "Bahasa Indonesia", lost: "Connection lost; trying again…", hidden: "number hidden",
    removeReaction: "Remove reaction", hours: "h", minutes: "m", offered: "Choices", copied: "Copied", messages: "Messages",
  },
};

let language = localStorage.getItem("language") ?? "id";
document.documentElement.lang = language;

/** A word of the page. */
export const t = (key) => WORDS[language][key] ?? key;

/** The language in use, for dates. */
export const locale = () => (language === "id" ? "id-ID" : "en-GB");

/** Changes to the other language. */
export function toggleLanguage() {
  language = language === "id" ? "en" : "id";
  localStorage.setItem("language", language);
  document.documentElement.lang = language;
}
