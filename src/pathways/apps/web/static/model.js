// What a widget's script gets as its `model`: the traits as the engine has them, and what the script sets. As anywidget has it
// (get, set, save_changes, on, off, send), without comms: `post` takes what goes to the engine.

export class Model {
  constructor(traits, post) {
    this.traits = traits;
    this.post = post;
    this.mine = new Set(); // set here and not yet sent
    this.heard = new Map(); // event: what is called
  }
  get(name) {
    return this.traits[name];
  }
  set(name, value) {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    this.mine.add(name);
    this.tell(`change:${name}`, value);
  }
  save_changes() {
    if (!this.mine.size) return;
    const traits = Object.fromEntries([...this.mine].map((name) => [name, this.traits[name]]));
    this.mine.clear();
    this.post({ traits });
  }
  send(content) {
    this.post({ custom: content });
  }
  on(event, call) {
    this.heard.set(event, [...(this.heard.get(event) ?? []), call]);
  }
  off(event, call) {
    this.heard.set(event, (this.heard.get(event) ?? []).filter((one) => one !== call));
  }
  // From the engine: all traits are there before any change is told.
  took({ traits = {}, custom }) {
    Object.assign(this.traits, traits);
    for (const name of Object.keys(traits)) this.tell(`change:${name}`, traits[name]);
    if (custom !== undefined) this.tell("msg:custom", custom);
  }
  tell(event, value) {
    for (const call of this.heard.get(event) ?? []) call(value);
  }
}
