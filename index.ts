import { readConfig } from "./components/config/load.ts";
import { DeepSeekOcr, type DeepSeekOcrArgs } from "./components/index.ts";

const { input, secrets } = readConfig();

// The component checks all of its arguments itself.
const ocr = new DeepSeekOcr("deepseek-ocr", { ...input, secrets } as DeepSeekOcrArgs);

export const endpoint = ocr.endpoint;
export const openaiBaseUrl = ocr.openaiBaseUrl;
export const healthUrl = ocr.healthUrl;
export const modelsUrl = ocr.modelsUrl;
export const inClusterUrl = ocr.inClusterUrl;
export const dashboardCommand = ocr.dashboardCommand;
export const modelId = ocr.modelId;
export const apiKey = ocr.apiKey;
export const gpus = ocr.gpus;
