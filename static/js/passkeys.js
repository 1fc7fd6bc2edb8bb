/* Passkeys: the one thing that plain HTML cannot do. Forms with data-passkey appear where the browser knows passkeys. */
(() => {
  "use strict";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (found) => (found || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const spelled = (credential) => {
    const { response } = credential;
    const said = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) said[name] = text(response[name]);
    }
    if (response.getTransports) said.transports = response.getTransports();
    return {
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said,
      authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  const alone = (form) => form.querySelector("[name=passwordless]")?.checked
    ? { authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" } } : {};

  const made = ({ publicKey }, form) => navigator.credentials.create({ publicKey: {
    ...publicKey, ...alone(form), challenge: bytes(publicKey.challenge), user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: listed(publicKey.excludeCredentials),
  } });
  const used = ({ publicKey }) => navigator.credentials.get({ publicKey: {
    ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials),
  } });

  const optionsOf = async (form) => {
    if (!form.dataset.options) return JSON.parse(document.getElementById("passkey-options").textContent);
    const answer = await fetch(form.dataset.options, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return answer.json();
  };

  const run = async (form) => {
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const options = await optionsOf(form);
      const credential = form.dataset.passkey === "new" ? await made(options.creation_options, form) : await used(options.request_options);
      form.querySelector("[name=credential]").value = JSON.stringify(spelled(credential));
      form.submit();
    } catch {
      failed.textContent = failed.dataset.failed;
      failed.hidden = false;
    }
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (!window.PublicKeyCredential) return;
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); run(form); });
  });
  document.querySelectorAll("[data-no-passkeys]").forEach((words) => { words.hidden = Boolean(window.PublicKeyCredential); });
})();
