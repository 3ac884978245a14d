// The thread team, and a GPU driver's threads, outlive the JavaScript environment that loaded the addon: Node.js unloads
// addons with the worker threads that loaded them.
#pragma once

namespace cuda_gan::bindings {

// Keeps this library in memory until the process ends.
void keepLoaded();

}  // namespace cuda_gan::bindings
