// Times for people.

/** `1 h 02 min`, `3 min 20 s` or `12 s`. */
export function formatTime(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const pad = (value: number) => String(value).padStart(2, '0');
  if (hours > 0) return `${hours} h ${pad(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${pad(whole % 60)} s` : `${whole} s`;
}

/** Steps a second, with a decimal where there are few. */
export function formatRate(stepsPerSecond: number): string {
  return stepsPerSecond.toFixed(stepsPerSecond < 10 ? 1 : 0);
}
