/** Three-valued truth, ordered so that AND is the minimum, OR the maximum and NOT the mirror image. */
export const Truth = { False: 0, Unknown: 1, True: 2 } as const;

/** Outcome of a rule on a row: only `Truth.True` admits; `Truth.Unknown` means that a needed value is missing. */
export type Truth = (typeof Truth)[keyof typeof Truth];

/** Truth of a two-valued outcome. */
export const truthOf = (value: boolean): Truth => (value ? Truth.True : Truth.False);
