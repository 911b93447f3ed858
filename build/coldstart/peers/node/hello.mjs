// A function in JavaScript that reads its event and gives a fixed answer.
import { run } from "./runtime.mjs";

await run((event) => {
  if (typeof event !== "object") throw new TypeError("the event is no object");
  return { items: 1 };
});
