import { useState } from 'react';
import { Button } from '../ui/button';
import { CopyBlock } from '../ui/copy';
import { Dialog } from '../ui/dialog';
import { Choice, SelectField, TextArea, TextField, Toggle } from '../ui/field';
import { PlusIcon } from '../ui/icons';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '../ui/menu';
import { PickMany, type PickOption } from '../ui/pick-field';
import { type ToastItem, Toasts } from '../ui/toasts';
import { Sample } from './sample';

export function ControlSamples() {
  return (
    <>
      <Buttons />
      <Fields />
      <Picking />
      <Floating />
    </>
  );
}

function Buttons() {
  return (
    <Sample title="Buttons">
      <div className="flex flex-wrap gap-3">
        <Button variant="primary">Primary</Button>
        <Button variant="primary" shortcut="a">
          With its key
        </Button>
        <Button>Secondary</Button>
        <Button>
          <PlusIcon size={16} /> With an icon
        </Button>
        <Button variant="quiet">Quiet</Button>
        <Button variant="primary" busy>
          Busy
        </Button>
        <Button disabledReason="Viewers cannot do this.">Not allowed</Button>
      </div>
    </Sample>
  );
}

function Fields() {
  const [choice, setChoice] = useState<'one' | 'two' | 'three'>('one');
  const [on, setOn] = useState(true);
  return (
    <Sample title="Fields">
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField label="Name" help="Help stands below." placeholder="Dartmouth" />
        <TextField
          label="Slug"
          defaultValue="Not a slug"
          error="Use lower-case letters, digits and hyphens."
        />
        <SelectField label="Type">
          <option>No type</option>
          <option>Bay PC</option>
        </SelectField>
        <TextArea label="Reason" help="One line is enough." />
        <Choice
          label="Choice"
          options={[
            { value: 'one', label: 'One' },
            { value: 'two', label: 'Two' },
            { value: 'three', label: 'Three' },
          ]}
          value={choice}
          onChange={setChoice}
        />
        <Toggle label="Toggle" help="What it does." checked={on} onChange={setOn} />
      </div>
      <CopyBlock
        text="curl -X POST https://watch.example.com/heartbeat -d '{}'"
        words={{ copy: 'Copy', copied: 'Copied', failed: 'Could not copy.' }}
      />
    </Sample>
  );
}

const fleet: readonly PickOption[] = [
  { id: 'router', label: 'Router', note: 'dartmouth' },
  { id: 'switch', label: 'Switch', note: 'dartmouth' },
  { id: 'gate-1', label: 'Gate 1', note: 'leeds' },
];

function Picking() {
  const [chosen, setChosen] = useState<readonly string[]>(['router']);
  return (
    <Sample title="Picker: several of many, found by name">
      <PickMany
        label="Depends on"
        help="Type 'x' to find nothing."
        placeholder="Find a device by its name"
        values={chosen}
        nameOf={(id) => fleet.find((each) => each.id === id)?.label ?? id}
        chosenLabel="Chosen devices"
        removeLabel={(name) => `Remove ${name}`}
        options={fleet}
        status={(count) => (count === 0 ? 'No other device has that name.' : `${count} to choose from`)}
        onChange={setChosen}
      />
    </Sample>
  );
}

function Floating() {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<'a' | 'b'>('a');
  const [toasts, setToasts] = useState<readonly ToastItem[]>([]);
  const say = (item: Omit<ToastItem, 'id'>): void =>
    setToasts((before) => [...before, { ...item, id: (before.at(-1)?.id ?? 0) + 1 }]);
  return (
    <Sample title="Dialog, menu, toasts">
      <div className="flex flex-wrap gap-3">
        <Button onClick={() => setOpen(true)}>Open a dialog</Button>
        <Menu
          label="A menu"
          triggerClassName="rounded-2 border border-line-2 px-3.5 py-2"
          trigger="Open a menu"
        >
          <MenuLabel>Choice</MenuLabel>
          <MenuChoice
            label="Choice"
            options={[
              { value: 'a', label: 'First' },
              { value: 'b', label: 'Second' },
            ]}
            value={chosen}
            onChange={setChosen}
          />
          <MenuLine />
          <MenuItem onSelect={() => undefined}>An action</MenuItem>
        </Menu>
        <Button onClick={() => say({ tone: 'ok', text: 'Acknowledged: Bay 4 PC went silent' })}>Toast</Button>
        <Button
          onClick={() =>
            say({
              tone: 'problem',
              text: 'It did not arrive.',
              action: { label: 'Try again', run: () => undefined },
            })
          }
        >
          Toast with an action
        </Button>
      </div>
      <Dialog open={open} onClose={() => setOpen(false)} title="A dialog" closeLabel="Close">
        <p className="text-ink-2">Focus stays in here, Escape leaves, and focus goes back to the button.</p>
      </Dialog>
      <Toasts
        items={toasts}
        onClose={(id) => setToasts((before) => before.filter((item) => item.id !== id))}
        regionLabel="Sample news"
        closeLabel="Dismiss"
      />
    </Sample>
  );
}
