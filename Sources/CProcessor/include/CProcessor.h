// What processors do in one instruction and Swift has no word for; each is inlined.
#pragma once

/// Begins to bring the memory at `place` near; nothing is read, so that any address will do.
static inline void cprocessor_prefetch(const void *_Nonnull place) { __builtin_prefetch(place); }

/// Swift's `SIMD8<Int16>`.
typedef short cprocessor_short8 __attribute__((ext_vector_type(8)));

/// The larger of each two lanes; the library's `replacing(with:where:)` goes lane by lane.
static inline cprocessor_short8 cprocessor_larger(cprocessor_short8 one, cprocessor_short8 two) {
    return __builtin_elementwise_max(one, two);
}

/// All bits of the lanes in which `one` is more than `two`.
static inline cprocessor_short8 cprocessor_more(cprocessor_short8 one, cprocessor_short8 two) { return one > two; }

/// The largest lane.
static inline short cprocessor_largest(cprocessor_short8 vector) { return __builtin_reduce_max(vector); }
