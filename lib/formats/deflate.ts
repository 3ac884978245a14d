/** No byte of deflated data stands for more than so many. */
export const maxExpansion = 1032;
