# Included by llama-cpp-python's build right after its project() line.
#
# Medley uses libllama, ggml and libmtmd only. llama-cpp-python forces the cache entry of this option
# on; a normal variable of the same name wins over the cache and leaves out llama.cpp's command line
# helpers (chat templates, argument parser, HTTP client).
set(LLAMA_BUILD_COMMON OFF)
