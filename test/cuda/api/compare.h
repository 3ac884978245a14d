// Compares our declarations with NVIDIA's at compile time. `npm run check:cuda-api` compiles the files beside this one.
#pragma once
#include <cstddef>
#include <type_traits>

#include "libraries/api.h"

// Our type for a type of NVIDIA's. The files add the pairs; everything else must be the same type.
template <typename Theirs>
struct Ours {
  using type = Theirs;
};
template <typename Theirs>
using OursT = typename Ours<Theirs>::type;

template <typename Theirs>
struct Ours<const Theirs> {
  using type = const OursT<Theirs>;
};
template <typename Theirs>
struct Ours<Theirs*> {
  using type = OursT<Theirs>*;
};
template <typename Result, typename... Arguments>
struct Ours<Result(Arguments...)> {
  using type = OursT<Result>(OursT<Arguments>...);
};
template <typename Result, typename... Arguments>
struct Ours<Result(Arguments...) noexcept> {
  using type = OursT<Result>(OursT<Arguments>...);
};

// An enumeration of theirs, which ours replaces in signatures: of the same size.
#define ENUMERATION(ours, theirs)                                                    \
  template <>                                                                        \
  struct Ours<theirs> {                                                              \
    using type = ours;                                                               \
  };                                                                                 \
  static_assert(std::is_enum_v<theirs> && sizeof(ours) == sizeof(theirs), #ours " has another size than " #theirs);

// A struct that is only ever pointed to.
#define OPAQUE(ours, theirs) \
  template <>                \
  struct Ours<theirs> {      \
    using type = ours;       \
  };

#define STRUCT(ours, theirs)                                                        \
  OPAQUE(ours, theirs)                                                              \
  static_assert(sizeof(ours) == sizeof(theirs) && alignof(ours) == alignof(theirs), \
                #ours " is not laid out as " #theirs);

#define MEMBER(ours, theirs, ourMember, theirMember)                                                    \
  static_assert(offsetof(ours, ourMember) == offsetof(theirs, theirMember) &&                           \
                    std::is_same_v<decltype(ours::ourMember), OursT<decltype(theirs::theirMember)>>,    \
                #ours "::" #ourMember " is not as " #theirs "::" #theirMember);

#define VALUE(ours, theirs) \
  static_assert(static_cast<long long>(ours) == static_cast<long long>(theirs), #ours " is not " #theirs);

#define FUNCTION(ours, theirs) \
  static_assert(std::is_same_v<ours, OursT<decltype(&theirs)>>, #ours " is not declared as " #theirs);
