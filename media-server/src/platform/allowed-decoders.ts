/** The only decoders that a source file may reach, by FFmpeg's names: no pictures, no video, no game formats. */
export const allowedDecoders: readonly string[] = [
  ...['flac', 'alac', 'ape', 'tta', 'wavpack', 'wmalossless', 'mp3', 'mp3float', 'mp2', 'mp2float', 'mp1', 'mp1float', 'aac', 'aac_fixed', 'aac_latm', 'vorbis', 'opus', 'speex', 'libspeex'],
  ...['wmav1', 'wmav2', 'wmapro', 'wmavoice', 'ac3', 'eac3', 'dca', 'mlp', 'truehd', 'mpc7', 'mpc8', 'dsd_lsbf', 'dsd_msbf', 'dsd_lsbf_planar', 'dsd_msbf_planar'],
  ...['adpcm_ms', 'adpcm_ima_wav', 'adpcm_ima_qt', 'gsm_ms', 'pcm_alaw', 'pcm_mulaw', 'pcm_u8', 'pcm_s8', 'pcm_s8_planar'],
  ...['s16', 'u16', 's24', 'u24', 's32', 'u32', 'f32', 'f64'].flatMap((kind) => [`pcm_${kind}le`, `pcm_${kind}be`]),
  ...['pcm_s16le_planar', 'pcm_s16be_planar', 'pcm_s24le_planar', 'pcm_s32le_planar', 'pcm_s64le', 'pcm_s64be'],
]
