import { loadConfig } from "./components/config/load.ts";
import { DeepSeekOcr } from "./components/index.ts";

const { settings, secrets } = loadConfig();

const ocr = new DeepSeekOcr("deepseek-ocr", { ...settings, secrets });

export const endpoint = ocr.endpoint;
export const openaiBaseUrl = ocr.openaiBaseUrl;
export const healthUrl = ocr.healthUrl;
export const modelsUrl = ocr.modelsUrl;
export const inClusterUrl = ocr.inClusterUrl;
export const dashboardCommand = ocr.dashboardCommand;
export const modelId = ocr.modelId;
export const apiKey = ocr.apiKey;
export const gpus = ocr.gpus;
