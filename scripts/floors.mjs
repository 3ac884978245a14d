// The oldest versions of the C and C++ libraries that a Linux prebuild must run with: those of RHEL 9 and Amazon
// Linux 2023. `npm run prebuild` refuses a build that needs newer ones; docs/install.md names them.
export const floors = { GLIBC: '2.34', GLIBCXX: '3.4.29', CXXABI: '1.3.13' };
