import { resolveSettings } from "../../components/config/resolve.ts";
import type { Settings, SettingsInput } from "../../components/config/settings.ts";

/** Smallest inputs that are complete: a location with GPUs on a tailnet, and one without either. */
export const gpuInput: SettingsInput = { location: "hel1", tailscale: { mode: "existing" } };
export const cpuInput: SettingsInput = {
  location: "kind",
  engine: "cpu",
  exposure: "none",
  images: { ray: "ocr-cpu:1" },
  worker: { gpus: 0 },
};

/** Complete settings, with sections laid over those of {@link gpuInput}. */
export function gpuSettings(over: SettingsInput = {}): Settings {
  return resolveSettings({ ...gpuInput, ...over }).settings;
}

export function cpuSettings(over: SettingsInput = {}): Settings {
  return resolveSettings({ ...cpuInput, ...over }).settings;
}
