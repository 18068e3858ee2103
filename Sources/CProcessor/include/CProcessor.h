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

/// Swift's `SIMD16<UInt8>`.
typedef unsigned char cprocessor_byte16 __attribute__((ext_vector_type(16)));

/// All bits of the lanes from `least` on, `count` of them.
static inline cprocessor_byte16 cprocessor_within(cprocessor_byte16 bytes, unsigned char least, unsigned char count) {
    return (cprocessor_byte16)((bytes - least) < (cprocessor_byte16)count);
}

/// All bits of the lanes that are `byte`.
static inline cprocessor_byte16 cprocessor_equal(cprocessor_byte16 bytes, unsigned char byte) {
    return (cprocessor_byte16)(bytes == (cprocessor_byte16)byte);
}

/// The highest bit of each lane, the first lane's lowest.
static inline unsigned cprocessor_bits(cprocessor_byte16 bytes) {
    typedef _Bool bool16 __attribute__((ext_vector_type(16)));
    bool16 bits = __builtin_convertvector(bytes >> 7, bool16);
    unsigned short result;
    __builtin_memcpy(&result, &bits, sizeof result);
    return result;
}
