// OpenAI's own JavaScript client against a server: whole, streamed, tools, responses, realtime.
// Prints what it found as one line of JSON.
import net from "node:net";

import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";

const client = new OpenAI({ baseURL: process.env.BASE, apiKey: process.env.TOKEN, maxRetries: 0 });
const hello = [{ role: "user", content: "hello" }];
const found = {};

const whole = await client.chat.completions.create({ model: "pocket", messages: hello });
found.whole = whole.choices[0].message.content;

found.streamed = "";
const stream = await client.chat.completions.create({
  model: "pocket", messages: hello, stream: true,
});
for await (const chunk of stream) found.streamed += chunk.choices[0]?.delta?.content ?? "";

const response = await client.responses.create({ model: "pocket", input: "hello" });
found.response = response.output_text;
const next = client.responses.stream({
  model: "pocket", input: "hello", previous_response_id: response.id,
});
found.events = [];
next.on("event", (event) => found.events.push(event.type));
found.next = (await next.finalResponse()).output_text;

const picture = await client.images.generate({
  model: "pocket", prompt: "draw a red boat on the sea", steps: 2,
});
found.picture = picture.data[0].b64_json.slice(0, 8);

try {
  await client.chat.completions.create({ model: "pocket", messages: hello, n: 3 });
} catch (error) {
  found.refused = [error.status, error.param];
}

found.realtime = await new Promise((resolve, reject) => {
  // This client would encrypt, which nobody does on a machine's loopback.
  const options = { createConnection: ({ host, port }) => net.connect(port, host) };
  const socket = new OpenAIRealtimeWS({ model: "pocket", options }, client);
  let words = "";
  socket.on("session.created", () => {
    socket.send({
      type: "session.update", session: { type: "realtime", output_modalities: ["text"] },
    });
    socket.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text: "hello" }] },
    });
    socket.send({ type: "response.create" });
  });
  socket.on("response.output_text.delta", (event) => (words += event.delta));
  socket.on("response.done", () => {
    socket.close();
    resolve(words);
  });
  socket.on("error", reject);
});

console.log(JSON.stringify(found));
