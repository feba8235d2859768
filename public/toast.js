const SHOWN_MS = 4500;

/** A short notice; `action` adds a button and keeps it until it is used or closed by time. */
export function toast(tone, text, action) {
  const note = document.createElement('div');
  note.className = `toast toast-${tone}`;
  const words = document.createElement('span');
  words.textContent = text;
  note.append(words);
  const gone = () => {
    note.classList.add('leaving');
    setTimeout(() => note.remove(), 200);
  };
  if (action !== undefined) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action.text;
    button.addEventListener('click', () => {
      gone();
      action.run();
    });
    note.append(button);
  }
  document.querySelector('#toasts').append(note);
  setTimeout(gone, action === undefined ? SHOWN_MS : SHOWN_MS * 2);
}
