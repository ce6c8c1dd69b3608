import type { Problem } from '../../api/http';
import type { Show, ShowEdit } from '../../api/types';
import { TextArea, TextField } from '../../ui/Field';

export const TITLE_MOST = 80;

export interface SectionProps {
  show: Show;
  problem?: Problem | undefined;
  onChange: (next: Partial<Show>, change: ShowEdit) => void;
}

export function Basics({ show, problem, onChange }: SectionProps) {
  return (
    <section id="basics">
      <h2>Basics</h2>
      <TextField
        label="Title"
        maxLength={TITLE_MOST}
        value={show.title}
        hint={`${show.title.length} of ${TITLE_MOST} letters. Phones show about 40.`}
        error={show.title.trim() ? problem?.field('title') : 'Viewers need a name for the show.'}
        onChange={(event) => onChange({ title: event.target.value }, { title: event.target.value })}
      />
      <TextArea
        label="What it is about"
        rows={2}
        maxLength={2000}
        value={show.description ?? ''}
        error={problem?.field('description')}
        onChange={(event) => onChange({ description: event.target.value }, { description: event.target.value })}
      />
      <TextField
        label="Host"
        value={show.host_name}
        hint="The name that viewers see."
        error={problem?.field('host_name')}
        onChange={(event) => onChange({ host_name: event.target.value }, { host_name: event.target.value })}
      />
    </section>
  );
}
