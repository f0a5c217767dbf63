LIMITS = {
    'images': 1 << 20,
    'audio': 10 * 1024 ** 2,
}
